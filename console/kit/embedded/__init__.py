"""The PostgreSQL and Redis that Landfall runs itself when nobody names another one."""
