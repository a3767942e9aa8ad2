"""What is refused about account links."""

from cardwright.kernel.refusal import Refusal

LINK_URL_INVALID = Refusal(
    "link_url_invalid",
    "Not a valid URL: '{url}'. It must be absolute, with {schemes}, name a host and no user, "
    "and have only the characters of a URL; others are percent-encoded.",
    code="url_invalid",
)
LINK_CONFIGURATIONS = Refusal(
    "link_configurations",
    "The configurations of the link must be those of the account: {configurations}.",
    code="configs_must_match_to_use_account_links",
)
LINK_UPDATE_COLLECTOR = Refusal(
    "link_update_collector",
    "A link of type {type} needs an account whose requirements the platform collects.",
)
LINK_USE_CASE_OF_OTHER_TYPE = Refusal(
    "link_use_case_of_other_type",
    "Invalid value for {param}: the type is {type}",
    code="invalid_fields",
)
