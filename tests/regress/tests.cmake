# The semantics' conformance suite: small policies, each with the verdicts that it must have, all certified.
file(GLOB regress_policies CONFIGURE_DEPENDS "${CMAKE_CURRENT_LIST_DIR}/*.bh")
add_test(NAME regress.PoliciesHaveTheirVerdicts
         COMMAND python3 ${CMAKE_CURRENT_LIST_DIR}/run_policies.py $<TARGET_FILE:bulkhead> ${regress_policies})
add_test(NAME regress.EvidenceIsNotBelieved COMMAND python3 ${CMAKE_CURRENT_LIST_DIR}/test_evidence.py)
add_test(NAME regress.ReportsFollowTheirSchemas COMMAND python3 ${CMAKE_CURRENT_LIST_DIR}/test_reports.py)
add_test(NAME regress.LivesRestOnTheirSentences COMMAND python3 ${CMAKE_CURRENT_LIST_DIR}/test_lives.py)
set_tests_properties(regress.PoliciesHaveTheirVerdicts regress.LivesRestOnTheirSentences regress.EvidenceIsNotBelieved regress.ReportsFollowTheirSchemas
  PROPERTIES LABELS slow TIMEOUT 600 SKIP_REGULAR_EXPRESSION "SKIPPED: needs"
  ENVIRONMENT "PYTHONPATH=${CMAKE_SOURCE_DIR}/tests/support;BULKHEAD=$<TARGET_FILE:bulkhead>;BULKHEAD_SOURCE=${CMAKE_SOURCE_DIR}")
