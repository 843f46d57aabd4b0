bulkhead_test(lang_syntax_test fast
  SOURCES ${CMAKE_CURRENT_LIST_DIR}/parser_test.cpp ${CMAKE_CURRENT_LIST_DIR}/mistakes_test.cpp
          ${CMAKE_CURRENT_LIST_DIR}/diagnostics_test.cpp ${CMAKE_CURRENT_LIST_DIR}/format_test.cpp
  LIBS lang/format lang/syntax lang/diag)
bulkhead_test(lang_syntax_bounds_test slow
  SOURCES ${CMAKE_CURRENT_LIST_DIR}/bounds_test.cpp
  LIBS lang/syntax lang/diag
  TIMEOUT 300)
