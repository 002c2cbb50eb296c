"""Small applications that know nothing of the lab, as their ecosystems' instrumentations run them.

Each is one program, started once as the caller and once as the callee, and answers the same calls:

| `GET /call?id=&by=&port=&timeout=&tries=&work=&size=&status=&after=` | call the other side |
| `GET /price?id=&work=&size=&status=&after=`, gRPC `/shop.Prices/Get` | be called |
| `GET /seen?id=` | how often that call has come in here, and how often its work was ended |

Times are milliseconds. What was seen is kept in memory, so that tests know what really happened.
"""
