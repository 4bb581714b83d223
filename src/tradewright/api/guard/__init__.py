"""What stands before every route: ids of requests, headers, hosts and origins, rates, sizes, answers given once."""
