-- Prefect keeps its own tables in a database of its own, beside khetcheck's.
CREATE DATABASE prefect OWNER khetcheck;
