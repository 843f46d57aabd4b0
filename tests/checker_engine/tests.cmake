bulkhead_test(universe_tests fast SOURCES ${CMAKE_CURRENT_LIST_DIR}/glob_test.cpp ${CMAKE_CURRENT_LIST_DIR}/path_search_test.cpp
              ${CMAKE_CURRENT_LIST_DIR}/net_cells_test.cpp LIBS lang/ir checker/universe)
bulkhead_test(solver_tests fast SOURCES ${CMAKE_CURRENT_LIST_DIR}/solver_test.cpp ${CMAKE_CURRENT_LIST_DIR}/array_terms_test.cpp
              LIBS checker/term checker/solver)
bulkhead_test(engine_tests slow SOURCES ${CMAKE_CURRENT_LIST_DIR}/engine_test.cpp ${CMAKE_CURRENT_LIST_DIR}/encode_test.cpp ${CMAKE_CURRENT_LIST_DIR}/random_world.cpp
              LIBS lang/ir checker/engine checker/certificate)
bulkhead_test(authority_tests slow SOURCES ${CMAKE_CURRENT_LIST_DIR}/authority_test.cpp ${CMAKE_CURRENT_LIST_DIR}/attenuates_test.cpp
              ${CMAKE_CURRENT_LIST_DIR}/random_authority.cpp
              LIBS lang/ir checker/engine checker/certificate)
bulkhead_test(difference_tests slow SOURCES ${CMAKE_CURRENT_LIST_DIR}/difference_test.cpp ${CMAKE_CURRENT_LIST_DIR}/random_authority.cpp
              LIBS lang/ir checker/engine checker/query)
bulkhead_test(conditions_difference_tests slow SOURCES ${CMAKE_CURRENT_LIST_DIR}/conditions_difference_test.cpp ${CMAKE_CURRENT_LIST_DIR}/random_conditions.cpp
              LIBS lang/ir checker/engine checker/certificate checker/query)
bulkhead_test(conditions_tests slow SOURCES ${CMAKE_CURRENT_LIST_DIR}/conditions_test.cpp ${CMAKE_CURRENT_LIST_DIR}/random_conditions.cpp
              LIBS lang/ir checker/engine checker/certificate)
