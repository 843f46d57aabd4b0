set(parts ${CMAKE_CURRENT_LIST_DIR}/../runtime/table_builder.cpp ${CMAKE_CURRENT_LIST_DIR}/../runtime/sandbox_fixture.cpp)
bulkhead_test(runtime_maximum_tests runtime TIMEOUT 120
  SOURCES ${CMAKE_CURRENT_LIST_DIR}/maximum_test.cpp ${CMAKE_CURRENT_LIST_DIR}/maximum_ends_test.cpp
          ${CMAKE_CURRENT_LIST_DIR}/rootless_test.cpp ${parts}
  LIBS runtime-bridge/sandbox runtime-bridge/closure)
add_dependencies(runtime_maximum_tests bulkhead-init)
bulkhead_test(maximum_parts_tests fast
  SOURCES ${CMAKE_CURRENT_LIST_DIR}/sink_test.cpp ${CMAKE_CURRENT_LIST_DIR}/bundle_test.cpp
          ${CMAKE_CURRENT_LIST_DIR}/status_schema_test.cpp
  LIBS runtime-bridge/sandbox)
