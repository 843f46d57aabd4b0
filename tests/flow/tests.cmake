add_test(NAME flow.TheProverAgreesWithTheNaiveReference
         COMMAND python3 ${CMAKE_CURRENT_LIST_DIR}/test_naive.py $<TARGET_FILE:bulkhead>)
set_tests_properties(flow.TheProverAgreesWithTheNaiveReference PROPERTIES LABELS slow TIMEOUT 900)
add_test(NAME flow.WhatIsKeptIsWhatThePolicyAnswers
         COMMAND python3 ${CMAKE_CURRENT_LIST_DIR}/test_kept.py $<TARGET_FILE:bulkhead>)
set_tests_properties(flow.WhatIsKeptIsWhatThePolicyAnswers PROPERTIES LABELS slow TIMEOUT 900)
add_test(NAME flow.PathsToTheNetworkAgreeWithTheNaiveReference
         COMMAND python3 ${CMAKE_CURRENT_LIST_DIR}/test_paths.py $<TARGET_FILE:bulkhead>)
set_tests_properties(flow.PathsToTheNetworkAgreeWithTheNaiveReference PROPERTIES LABELS slow TIMEOUT 900)
