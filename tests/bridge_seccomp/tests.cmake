bulkhead_test(bridge_seccomp_tests fast
  SOURCES ${CMAKE_CURRENT_LIST_DIR}/filter_test.cpp
          ${CMAKE_CURRENT_LIST_DIR}/filter_world.cpp
  LIBS runtime-bridge/emit runtime-bridge/decode)
bulkhead_test(contained_filter_tests fast
  SOURCES ${CMAKE_CURRENT_LIST_DIR}/contained_test.cpp
          ${CMAKE_CURRENT_LIST_DIR}/filter_world.cpp
          ${CMAKE_CURRENT_LIST_DIR}/start_test.cpp
  LIBS runtime-bridge/emit runtime-bridge/decode runtime-bridge/sandbox)
bulkhead_test(bridge_seccomp_mutants slow
  SOURCES ${CMAKE_CURRENT_LIST_DIR}/filter_world.cpp
          ${CMAKE_CURRENT_LIST_DIR}/mutant_test.cpp
  LIBS runtime-bridge/emit runtime-bridge/decode)
bulkhead_test(bridge_seccomp_kernel_tests runtime
  SOURCES ${CMAKE_CURRENT_LIST_DIR}/filter_world.cpp
          ${CMAKE_CURRENT_LIST_DIR}/libseccomp_test.cpp
  LIBS runtime-bridge/emit runtime-bridge/decode)
target_link_libraries(bridge_seccomp_kernel_tests PRIVATE seccomp)
bulkhead_test(bridge_seccomp_import_tests slow
  SOURCES ${CMAKE_CURRENT_LIST_DIR}/filter_world.cpp
          ${CMAKE_CURRENT_LIST_DIR}/import_test.cpp
  LIBS runtime-bridge/emit runtime-bridge/decode lang/import/seccomp lang/frontend)
