# Statement coverage by gcov, with counters that every process of a program shares (counters.cpp says why); tests/coverage reads them.
# A program with the property BULKHEAD_UNMEASURED is left as it is: one that runs under a policy must not open anything of ours.
set(BULKHEAD_COUNTERS_FOLDER "${CMAKE_BINARY_DIR}/counters")
file(MAKE_DIRECTORY "${BULKHEAD_COUNTERS_FOLDER}")
file(CHMOD "${BULKHEAD_COUNTERS_FOLDER}" PERMISSIONS OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_WRITE GROUP_EXECUTE
                                                     WORLD_READ WORLD_WRITE WORLD_EXECUTE)  # tests start programs as other users

add_library(bulkhead_counters STATIC "${CMAKE_CURRENT_LIST_DIR}/counters.cpp")
target_compile_definitions(bulkhead_counters PRIVATE BULKHEAD_COUNTERS_FOLDER="${BULKHEAD_COUNTERS_FOLDER}")

# -Og keeps statements apart and runs the tests several times as fast as -O0.
# -fdata-sections: the linker script finds the counters by the names of their sections.
set(compile --coverage -Og -fprofile-update=atomic -fdata-sections)
set(link --coverage "-Wl,-T,${CMAKE_CURRENT_LIST_DIR}/counters.ld"
         "-Wl,--wrap=__gcov_exit,--wrap=__gcov_dump,--wrap=__gcov_reset,--wrap=__gcov_reset_int")
set(measured "$<NOT:$<BOOL:$<TARGET_PROPERTY:BULKHEAD_UNMEASURED>>>")
target_compile_options(bulkhead_options INTERFACE "$<${measured}:${compile}>")
target_link_options(bulkhead_options INTERFACE "$<${measured}:${link}>")
target_link_libraries(bulkhead_options INTERFACE $<BUILD_INTERFACE:bulkhead_counters>)
