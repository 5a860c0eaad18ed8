# What node-gyp builds with. The binding uses Node-API alone, so that the headers of the npm package
# node-api-headers are enough: neither Node's own headers nor a download from nodejs.org is needed.
{
  'target_defaults': {
    'default_configuration': 'Release',
    'configurations': {'Release': {'cflags': ['-O3']}},
    'cflags': ['-fPIC', '-std=gnu++17']
  }
}
