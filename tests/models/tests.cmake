add_test(NAME models.EveryTheoremIsProvedAndEveryMistakeRefuted
         COMMAND python3 ${CMAKE_CURRENT_LIST_DIR}/check_models.py $<TARGET_FILE:bulkhead> ${CMAKE_SOURCE_DIR})
set_tests_properties(models.EveryTheoremIsProvedAndEveryMistakeRefuted PROPERTIES LABELS slow TIMEOUT 900
                     ENVIRONMENT PYTHONPATH=${CMAKE_SOURCE_DIR}/tests/support)
add_test(NAME models.TheLemmasThatWereFoundProveTheTheoremsOnceTheyAreWritten
         COMMAND python3 ${CMAKE_CURRENT_LIST_DIR}/check_lemmas.py $<TARGET_FILE:bulkhead> ${CMAKE_SOURCE_DIR})
set_tests_properties(models.TheLemmasThatWereFoundProveTheTheoremsOnceTheyAreWritten PROPERTIES LABELS slow TIMEOUT 1500)
