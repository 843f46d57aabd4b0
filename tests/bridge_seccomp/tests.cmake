bulkhead_test(bridge_seccomp_tests fast
  SOURCES ${CMAKE_CURRENT_LIST_DIR}/filter_test.cpp
          ${CMAKE_CURRENT_LIST_DIR}/filter_world.cpp
  LIBS runtime-bridge/emit runtime-bridge/decode)
