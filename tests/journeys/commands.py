"""The documented commands; host, key and ids are the only things filled in (``%NAME%``)."""

CREATE_ACCOUNT = """
curl -X POST %BASE%/v2/core/accounts \\
  -H "Authorization: Bearer %KEY%" \\
  -H "Stripe-Version: 2025-09-30.preview" \\
  --json '{
    "include": ["configuration.card_creator", "configuration.recipient"],
    "contact_email": "test@example.com",
    "display_name": "John Smith",
    "identity": {"country": "gb", "entity_type": "individual"},
    "configuration": {
      "merchant": {
        "mcc": "5045",
        "statement_descriptor": {"descriptor": "test1"},
        "support": {"phone": "7325460697"}
      },
      "card_creator": {
        "capabilities": {"commercial": {"stripe": {"charge_card": {"requested": true}}}}
      },
      "recipient": {
        "capabilities": {"stripe_balance": {"stripe_transfers": {"requested": true}}}
      }
    },
    "dashboard": "none",
    "defaults": {
      "currency": "gbp",
      "responsibilities": {
        "fees_collector": "application",
        "losses_collector": "application"
      }
    }
  }'
"""

CREATE_PROGRAM = """
curl %BASE%/v1/issuing/programs \\
  -u "%KEY%:" \\
  -H "Stripe-Version: 2026-05-27.preview; issuing_program_beta=v2" \\
  -H "Stripe-Account: %ACCOUNT%" \\
  -d platform_program=%PROGRAM% \\
  -d is_default=true
"""

RETRIEVE_ACCOUNT = """
curl -G %BASE%/v2/core/accounts/%ACCOUNT% \\
  -H "Authorization: Bearer %KEY%" \\
  -H "Stripe-Version: 2025-09-30.preview" \\
  -d "include[0]=identity" \\
  -d "include[1]=configuration.card_creator"
"""

REQUEST_CAPABILITY = """
curl -X POST %BASE%/v2/core/accounts/%ACCOUNT% \\
  -H "Authorization: Bearer %KEY%" \\
  -H "Stripe-Version: 2025-09-30.preview" \\
  --json '{
    "configuration": {
      "card_creator": {
        "capabilities": {"commercial": {"stripe": {"charge_card": {"requested": true}}}}
      }
    }
  }'
"""

CREATE_LINK = """
curl %BASE%/v1/account_links \\
  -u "%KEY%:" \\
  -d account=%ACCOUNT% \\
  --data-urlencode "refresh_url=https://example.com/reauth" \\
  --data-urlencode "return_url=https://example.com/return" \\
  -d type=account_onboarding
"""

UPDATE_ACCOUNT = """
curl %BASE%/v1/accounts/%ACCOUNT% \\
  -u "%KEY%:" \\
  -d business_type=company \\
  -d "business_profile[mcc]=5999" \\
  --data-urlencode "business_profile[url]=https://www.wesellsocks.com" \\
  -d "business_profile[estimated_worker_count]=100" \\
  -d "business_profile[annual_revenue][amount]=1000000" \\
  -d "business_profile[annual_revenue][currency]=usd" \\
  -d "business_profile[annual_revenue][fiscal_year_end]=2023-12-31" \\
  -d "company[name]=Rocket Rides" \\
  -d "company[tax_id]=11-3456789" \\
  -d "company[address][line1]=123 Main St" \\
  -d "company[address][city]=San Francisco" \\
  -d "company[address][state]=CA" \\
  -d "company[address][postal_code]=94111" \\
  -d "company[address][country]=US" \\
  -d "settings[card_issuing][tos_acceptance][ip]=192.168.123.132" \\
  -d "settings[card_issuing][tos_acceptance][date]=1696634647"
"""

CREATE_PERSON = """
curl %BASE%/v1/accounts/%ACCOUNT%/persons \\
  -u "%KEY%:" \\
  -d first_name=Jenny \\
  -d last_name=Rosen \\
  -d "dob[day]=12" \\
  -d "dob[month]=11" \\
  -d "dob[year]=1978" \\
  -d "address[line1]=510 Townsend Street" \\
  -d "address[city]=San Francisco" \\
  -d "address[state]=CA" \\
  -d "address[postal_code]=94111" \\
  -d "address[country]=US" \\
  -d id_number=123456789 \\
  --data-urlencode "email=jenny.rosen@example.com" \\
  -d "relationship[representative]=true" \\
  -d "relationship[owner]=true" \\
  -d "relationship[percent_ownership]=0.75"
"""

READ_REQUIREMENTS = """
curl -X POST %BASE%/v2/core/accounts/%ACCOUNT% \\
  -H "Authorization: Bearer %KEY%" \\
  -H "Stripe-Version: 2025-09-30.preview" \\
  --json '{
    "include": ["configuration.card_creator", "requirements"],
    "configuration": {
      "card_creator": {
        "capabilities": {"commercial": {"stripe": {"charge_card": {"requested": true}}}}
      }
    }
  }'
"""
