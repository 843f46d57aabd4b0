bulkhead_test(lang_frontend_tests fast
  SOURCES ${CMAKE_CURRENT_LIST_DIR}/pages_test.cpp
          ${CMAKE_CURRENT_LIST_DIR}/kernel_model_test.cpp
          ${CMAKE_CURRENT_LIST_DIR}/modules_test.cpp
          ${CMAKE_CURRENT_LIST_DIR}/types_test.cpp
          ${CMAKE_CURRENT_LIST_DIR}/lower_test.cpp
          ${CMAKE_CURRENT_LIST_DIR}/life_test.cpp
          ${CMAKE_CURRENT_LIST_DIR}/golden_test.cpp
  LIBS lang/frontend)
# libseccomp is what the kernel model is held against; nothing else of Bulkhead links it.
target_link_libraries(lang_frontend_tests PRIVATE seccomp)
bulkhead_test(lang_frontend_bounds_tests slow
  SOURCES ${CMAKE_CURRENT_LIST_DIR}/bounds_test.cpp
  LIBS lang/frontend
  TIMEOUT 300)
