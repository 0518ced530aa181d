"""What can happen in a repository, whoever causes it: each act changes the state and says what it delivered."""
