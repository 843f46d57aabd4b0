bulkhead_test(lang_models_tests fast
  SOURCES ${CMAKE_CURRENT_LIST_DIR}/lower_test.cpp ${CMAKE_CURRENT_LIST_DIR}/mistakes_test.cpp ${CMAKE_CURRENT_LIST_DIR}/expand_test.cpp
          ${CMAKE_CURRENT_LIST_DIR}/life_claims_test.cpp
  LIBS lang/frontend lang/system)
