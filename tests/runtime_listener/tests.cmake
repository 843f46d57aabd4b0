bulkhead_test(runtime_listener_tests runtime TIMEOUT 60
  SOURCES ${CMAKE_CURRENT_LIST_DIR}/small_sandbox.cpp
          ${CMAKE_CURRENT_LIST_DIR}/standard_test.cpp
          ${CMAKE_CURRENT_LIST_DIR}/execute_test.cpp
          ${CMAKE_CURRENT_LIST_DIR}/enhanced_test.cpp
          ${CMAKE_CURRENT_LIST_DIR}/connect_test.cpp
          ${CMAKE_CURRENT_LIST_DIR}/race_test.cpp
          ${CMAKE_CURRENT_LIST_DIR}/calls_test.cpp
  LIBS runtime-bridge/sandbox)
