"""What the app serves besides its pages: headers, routes, options, and the processes that belong together."""
