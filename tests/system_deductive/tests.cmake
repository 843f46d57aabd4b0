bulkhead_test(deductive_tests fast SOURCES ${CMAKE_CURRENT_LIST_DIR}/theorem_test.cpp ${CMAKE_CURRENT_LIST_DIR}/models.cpp
              LIBS lang/system lang/ir checker/engine checker/certificate)
