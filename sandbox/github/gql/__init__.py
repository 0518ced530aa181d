"""GraphQL, executed with graphql-core on GitHub's own schema."""
