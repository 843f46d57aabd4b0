function(bulkhead_fuzz_target name)
  cmake_parse_arguments(ARG "" "" "LIBS" ${ARGN})
  set(dir ${CMAKE_CURRENT_FUNCTION_LIST_DIR})
  bulkhead_test(fuzz_${name}_test fast SOURCES ${dir}/replay_test.cpp ${dir}/${name}_fuzz.cpp LIBS ${ARG_LIBS})
  target_compile_definitions(fuzz_${name}_test PRIVATE BULKHEAD_CORPUS="${dir}/corpus/${name}")
endfunction()

include(${CMAKE_CURRENT_LIST_DIR}/targets.cmake)
