set(BULKHEAD_RUNTIME_TEST_PARTS ${CMAKE_CURRENT_LIST_DIR}/table_builder.cpp ${CMAKE_CURRENT_LIST_DIR}/sandbox_fixture.cpp)

foreach(part containment limits fault leak unprivileged exec probe)
  bulkhead_test(runtime_${part} runtime
    SOURCES ${CMAKE_CURRENT_LIST_DIR}/${part}_test.cpp ${BULKHEAD_RUNTIME_TEST_PARTS}
    LIBS runtime-bridge/sandbox runtime-bridge/closure)
endforeach()
add_dependencies(runtime_exec bulkhead-exec)
bulkhead_test(runtime_cgroup fast
  SOURCES ${CMAKE_CURRENT_LIST_DIR}/cgroup_test.cpp
  LIBS runtime-bridge/sandbox)
