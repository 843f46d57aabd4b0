# What the README shows is what happens: its policy is proved, its demo is run, both outputs are compared.
add_test(NAME docs.TheReadmePolicyProvesAsShown
         COMMAND python3 ${CMAKE_CURRENT_LIST_DIR}/check_readme.py policy ${CMAKE_BINARY_DIR} ${CMAKE_SOURCE_DIR})
set_tests_properties(docs.TheReadmePolicyProvesAsShown PROPERTIES LABELS slow TIMEOUT 120)
add_test(NAME docs.TheDemoEndsAsShown
         COMMAND python3 ${CMAKE_CURRENT_LIST_DIR}/check_readme.py demo ${CMAKE_BINARY_DIR} ${CMAKE_SOURCE_DIR})
set_tests_properties(docs.TheDemoEndsAsShown PROPERTIES LABELS runtime TIMEOUT 120)
