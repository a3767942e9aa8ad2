"""Financial accounts: money that an account keeps, how it comes in and goes out, and the two faces
of it, money management (v2) and treasury (v1)."""
