set(BULKHEAD_RUNTIME_TEST_PARTS ${CMAKE_CURRENT_LIST_DIR}/table_builder.cpp ${CMAKE_CURRENT_LIST_DIR}/sandbox_fixture.cpp)

bulkhead_test(runtime_containment runtime
  SOURCES ${CMAKE_CURRENT_LIST_DIR}/containment_test.cpp ${BULKHEAD_RUNTIME_TEST_PARTS}
  LIBS runtime-bridge/sandbox runtime-bridge/closure)
