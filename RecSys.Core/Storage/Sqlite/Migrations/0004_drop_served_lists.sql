-- Served records are in a file of their own. The lists and features that were kept here named items by id and states by event, which nothing reads any more.
DROP TABLE served_feature_rows;
DROP TABLE served_features;
DROP TABLE served_lists;
