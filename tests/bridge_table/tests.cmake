bulkhead_test(bridge_table_tests fast
  SOURCES ${CMAKE_CURRENT_LIST_DIR}/decide_test.cpp
          ${CMAKE_CURRENT_LIST_DIR}/encode_test.cpp
          ${CMAKE_CURRENT_LIST_DIR}/glob_test.cpp
          ${CMAKE_CURRENT_LIST_DIR}/sample_table.cpp
  LIBS runtime-bridge/table lang/ir)
bulkhead_test(bridge_table_fields slow
  SOURCES ${CMAKE_CURRENT_LIST_DIR}/field_test.cpp
  LIBS runtime-bridge/emit runtime-bridge/decode)
bulkhead_test(bridge_table_proofs slow
  SOURCES ${CMAKE_CURRENT_LIST_DIR}/proof_test.cpp
  LIBS runtime-bridge/emit runtime-bridge/decode lang/frontend)
