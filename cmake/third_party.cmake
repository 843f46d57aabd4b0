# Every package that Bulkhead uses, in one place. Their headers are SYSTEM: their warnings are not ours.

find_package(fmt REQUIRED)
add_library(bulkhead_fmt INTERFACE)
target_link_libraries(bulkhead_fmt INTERFACE fmt::fmt-header-only)

find_package(Boost 1.74 REQUIRED)
add_library(bulkhead_boost INTERFACE)
target_include_directories(bulkhead_boost SYSTEM INTERFACE ${Boost_INCLUDE_DIRS})

find_package(antlr4-runtime 4.9 CONFIG REQUIRED)
find_path(BULKHEAD_ANTLR4_INCLUDE antlr4-runtime.h PATHS ${ANTLR4_INCLUDE_DIR} PATH_SUFFIXES antlr4-runtime REQUIRED)
find_program(BULKHEAD_ANTLR4_TOOL antlr4 REQUIRED)
add_library(bulkhead_antlr4 INTERFACE)
target_include_directories(bulkhead_antlr4 SYSTEM INTERFACE ${BULKHEAD_ANTLR4_INCLUDE})
target_link_libraries(bulkhead_antlr4 INTERFACE antlr4_shared)

find_path(BULKHEAD_Z3_INCLUDE z3++.h REQUIRED)
find_library(BULKHEAD_Z3_LIBRARY z3 REQUIRED)
add_library(bulkhead_z3 INTERFACE)
target_include_directories(bulkhead_z3 SYSTEM INTERFACE ${BULKHEAD_Z3_INCLUDE})
target_link_libraries(bulkhead_z3 INTERFACE ${BULKHEAD_Z3_LIBRARY})

find_path(BULKHEAD_CADICAL_INCLUDE cadical.hpp REQUIRED)
find_library(BULKHEAD_CADICAL_LIBRARY cadical REQUIRED)
add_library(bulkhead_cadical INTERFACE)
target_include_directories(bulkhead_cadical SYSTEM INTERFACE ${BULKHEAD_CADICAL_INCLUDE})
target_link_libraries(bulkhead_cadical INTERFACE ${BULKHEAD_CADICAL_LIBRARY})

find_library(BULKHEAD_NETTLE_LIBRARY NAMES libnettle.a nettle REQUIRED)
add_library(bulkhead_nettle INTERFACE)
target_link_libraries(bulkhead_nettle INTERFACE ${BULKHEAD_NETTLE_LIBRARY})

find_path(BULKHEAD_FYAML_INCLUDE libfyaml.h REQUIRED)
find_library(BULKHEAD_FYAML_LIBRARY fyaml REQUIRED)
add_library(bulkhead_fyaml INTERFACE)
target_include_directories(bulkhead_fyaml SYSTEM INTERFACE ${BULKHEAD_FYAML_INCLUDE})
target_link_libraries(bulkhead_fyaml INTERFACE ${BULKHEAD_FYAML_LIBRARY})

find_path(BULKHEAD_SEPOL_INCLUDE sepol/policydb.h REQUIRED)
find_library(BULKHEAD_SEPOL_LIBRARY NAMES libsepol.a sepol REQUIRED)
add_library(bulkhead_sepol INTERFACE)
target_include_directories(bulkhead_sepol SYSTEM INTERFACE ${BULKHEAD_SEPOL_INCLUDE})
target_link_libraries(bulkhead_sepol INTERFACE ${BULKHEAD_SEPOL_LIBRARY})

find_package(nlohmann_json 3.11 REQUIRED)
find_package(CLI11 REQUIRED)
find_package(Threads REQUIRED)

# Linux system headers: a permission in layers.txt, not a library.
add_library(bulkhead_linux INTERFACE)
