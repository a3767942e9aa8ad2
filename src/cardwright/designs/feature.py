"""What designs of physical cards bring."""

from cardwright.designs import api, bundles
from cardwright.features.declaration import Feature

FEATURE = Feature(
    operations=(*api.OPERATIONS, *bundles.OPERATIONS),
    loaders={
        "issuing.personalization_design": api.LOADER,
        "issuing.physical_bundle": bundles.LOADER,
    },
    provisioning=(bundles.create_standard_bundles,),
)
