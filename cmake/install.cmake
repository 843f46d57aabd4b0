# `find_package(bulkhead)` after `cmake --install`: the embedding API, both binaries, models and schemas.

include(CMakePackageConfigHelpers)
get_property(components GLOBAL PROPERTY BULKHEAD_COMPONENTS)
