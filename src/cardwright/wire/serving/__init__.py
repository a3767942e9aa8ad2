"""HTTP/1.1 on our own event loop: connections, their limits, requests and WebSockets.

llhttp (through httptools) reads the requests and ``websockets`` the frames. What is between them
and the ASGI application stands here; it knows no operation.
"""
