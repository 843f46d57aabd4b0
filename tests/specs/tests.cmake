add_test(NAME specs.ThreatModelNamesClaimsThatHold
         COMMAND python3 ${CMAKE_CURRENT_LIST_DIR}/check_specs.py $<TARGET_FILE:bulkhead> ${CMAKE_SOURCE_DIR})
set_tests_properties(specs.ThreatModelNamesClaimsThatHold PROPERTIES LABELS slow TIMEOUT 1500
                     ENVIRONMENT PYTHONPATH=${CMAKE_SOURCE_DIR}/tests/support)

add_test(NAME specs.DumpsReadAgainAndMeanTheSame
         COMMAND python3 ${CMAKE_CURRENT_LIST_DIR}/check_dumps.py $<TARGET_FILE:bulkhead> ${CMAKE_SOURCE_DIR})
set_tests_properties(specs.DumpsReadAgainAndMeanTheSame PROPERTIES LABELS slow TIMEOUT 600)

add_test(NAME specs.EveryPolicyThatIsShippedIsCanonical
         COMMAND python3 ${CMAKE_CURRENT_LIST_DIR}/check_format.py $<TARGET_FILE:bulkhead> ${CMAKE_SOURCE_DIR})
set_tests_properties(specs.EveryPolicyThatIsShippedIsCanonical PROPERTIES LABELS fast TIMEOUT 60)

add_test(NAME specs.StoriesCrossPlanes
         COMMAND python3 ${CMAKE_CURRENT_LIST_DIR}/check_planes.py $<TARGET_FILE:bulkhead> ${CMAKE_SOURCE_DIR})
set_tests_properties(specs.StoriesCrossPlanes PROPERTIES LABELS fast TIMEOUT 120)
