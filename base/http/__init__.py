"""An HTTP server for handlers that block: uvicorn reads and writes, threads answer.

Guaranteed: idle connections and slow senders hold no thread; heads, bodies, connections and the
time that each may take are bounded; every answer is whole, of known length, and carries the
security headers; nothing is answered without one. Not guaranteed: that a handler ends.
"""
