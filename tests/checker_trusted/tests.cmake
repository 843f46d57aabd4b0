bulkhead_test(checker_trusted_tests fast
  SOURCES ${CMAKE_CURRENT_LIST_DIR}/glob_test.cpp
          ${CMAKE_CURRENT_LIST_DIR}/eval_test.cpp
          ${CMAKE_CURRENT_LIST_DIR}/certificate_test.cpp
          ${CMAKE_CURRENT_LIST_DIR}/soundness_test.cpp
          ${CMAKE_CURRENT_LIST_DIR}/cover_test.cpp
          ${CMAKE_CURRENT_LIST_DIR}/influence_test.cpp
          ${CMAKE_CURRENT_LIST_DIR}/acquire_test.cpp
          ${CMAKE_CURRENT_LIST_DIR}/evaluate_test.cpp
          ${CMAKE_CURRENT_LIST_DIR}/folder_test.cpp
          ${CMAKE_CURRENT_LIST_DIR}/least_test.cpp
          ${CMAKE_CURRENT_LIST_DIR}/process_test.cpp
  LIBS checker/certificate)
bulkhead_test(checker_proof_tests fast
  SOURCES ${CMAKE_CURRENT_LIST_DIR}/proof_test.cpp
          ${CMAKE_CURRENT_LIST_DIR}/cache_test.cpp
          ${CMAKE_CURRENT_LIST_DIR}/coverage_test.cpp
          ${CMAKE_CURRENT_LIST_DIR}/labelled_net_test.cpp
          ${CMAKE_CURRENT_LIST_DIR}/time_limit_test.cpp
          ${CMAKE_CURRENT_LIST_DIR}/overlap_test.cpp
          ${CMAKE_CURRENT_LIST_DIR}/report_test.cpp
          ${CMAKE_CURRENT_LIST_DIR}/scale_test.cpp
  LIBS checker/query checker/report)
