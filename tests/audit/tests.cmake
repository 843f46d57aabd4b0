bulkhead_test(audit_tests fast
  SOURCES ${CMAKE_CURRENT_LIST_DIR}/json_line_test.cpp
          ${CMAKE_CURRENT_LIST_DIR}/log_test.cpp
          ${CMAKE_CURRENT_LIST_DIR}/fold_test.cpp
          ${CMAKE_CURRENT_LIST_DIR}/loss_test.cpp
          ${CMAKE_CURRENT_LIST_DIR}/verify_test.cpp
          ${CMAKE_CURRENT_LIST_DIR}/schema_test.cpp
          ${CMAKE_CURRENT_LIST_DIR}/why_test.cpp
  LIBS runtime-bridge/audit)
