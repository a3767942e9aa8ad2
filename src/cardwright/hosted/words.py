"""Requirements in words that a person understands."""

# Whom or what a requirement is about, by the head of its path; the longest match counts.
SUBJECTS = {
    "identity.business_details": "The business",
    "identity.individual": "You",
    "identity.attestations.terms_of_service": "Agreements",
    "identity.attestations.persons_provided": "The people behind the business",
    "identity.attestations": "Declarations",
    "identity": "The account",
    "configuration": "What the business does",
    "defaults": "What the business does",
    "representative": "The person who represents the business",
    "owners": "The owners",
    "directors": "The directors",
    "executives": "The executives",
    "relationship": "The people behind the business",
}
OTHER_SUBJECT = "The account"

# What is asked for, by the tail of the path; the longest match counts.
DETAILS = {
    "registered_name": "Registered name of the business",
    "address": "Address",
    "address.line1": "Street and number",
    "address.line2": "Second line of the address",
    "address.city": "City",
    "address.state": "State",
    "address.postal_code": "Postal code",
    "address.country": "Country",
    "phone": "Phone number",
    "email": "Email address",
    "id_numbers": "Identification number",
    "id_numbers.us_ein": "Employer identification number (EIN)",
    "id_numbers.us_ssn": "Social Security number",
    "id_numbers.us_ssn_last_4": "Last four digits of the Social Security number",
    "id_numbers.gb_crn": "Company registration number",
    "annual_revenue": "Revenue of the last financial year",
    "annual_revenue.fiscal_year_end": "Last day of that financial year",
    "estimated_worker_count": "Number of people who work for the business",
    "mcc": "Line of business",
    "business_url": "Website, or a description of what is sold",
    "doing_business_as": "Name the business is known by",
    "descriptor": "Name shown on statements",
    "default_outbound_destination": "Bank account to pay out to",
    "product_description": "A description of what is sold",
    "given_name": "First name",
    "surname": "Last name",
    "date_of_birth": "Date of birth",
    "title": "Job title",
    "percent_ownership": "Share of the business",
    "documents": "A document about the business",
    "documents.primary_verification": "A photo of a passport or identity card",
    "documents.secondary_verification": "A document that shows the home address",
    "persons_provided.directors": "Confirmation that every director is listed",
    "persons_provided.executives": "Confirmation that every executive is listed",
    "persons_provided.owners": "Confirmation that every owner is listed",
    "ownership_declaration": "Declaration that the owners are stated correctly",
    "directorship_declaration": "Declaration that the directors are stated correctly",
    "representative_declaration": "Declaration that the representative may act for the business",
    "terms_of_service.account": "Acceptance of the account terms",
    "card_creator.commercial": "Acceptance of the card terms",
    "card_creator.consumer": "Acceptance of the card terms",
    "terms_of_service.money_manager": "Acceptance of the terms of financial accounts",
    "entity_type": "Kind of business: a person, a company or a non-profit",
    "country": "Country",
    "representative": "The person who represents the business",
}

URGENCY = {
    "past_due": "Needed now",
    "currently_due": "Needed soon",
    "eventually_due": "Needed later",
    "future": "Will be needed",
}


def subject(path: str) -> str:
    """Whom or what a requirement is about."""
    steps = path.split(".")
    for length in range(len(steps), 0, -1):
        found = SUBJECTS.get(".".join(steps[:length]))
        if found is not None:
            return found
    return OTHER_SUBJECT


def detail(path: str) -> str:
    """What is asked for; a path without words of its own is spelt out."""
    steps = path.split(".")
    for start in range(len(steps)):
        found = DETAILS.get(".".join(steps[start:]))
        if found is not None:
            return found
    for end in range(len(steps) - 1, 0, -1):
        for start in range(end):
            found = DETAILS.get(".".join(steps[start:end]))
            if found is not None:
                return found
    return steps[-1].replace("_", " ").capitalize()
