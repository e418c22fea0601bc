"""A company's own tools, named in a TOML file: operations of an OpenAPI document, tools of an MCP server."""
