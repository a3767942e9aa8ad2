"""What an account is told: notices that somebody has to send, and the emails that were sent."""
