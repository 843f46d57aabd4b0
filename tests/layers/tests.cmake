add_test(NAME layers.EveryIncludeIsNamedInLayersTxt
         COMMAND ${CMAKE_COMMAND} -E env python3 ${CMAKE_CURRENT_LIST_DIR}/check_layers.py ${CMAKE_SOURCE_DIR})
set_tests_properties(layers.EveryIncludeIsNamedInLayersTxt PROPERTIES LABELS fast TIMEOUT 60)
add_test(NAME layers.EverySkipNamesWhatItNeeds
         COMMAND python3 ${CMAKE_CURRENT_LIST_DIR}/check_skips.py ${CMAKE_SOURCE_DIR})
set_tests_properties(layers.EverySkipNamesWhatItNeeds PROPERTIES LABELS fast TIMEOUT 60)
