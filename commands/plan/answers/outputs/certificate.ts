/** The authority that recorded servers' certificates claim: a real certificate whose key was thrown away. Until 2126. */
export const recordedAuthority = `-----BEGIN CERTIFICATE-----
MIIBmzCCAUGgAwIBAgIURr9h4U0V4fCflWJs3glG3+B9PaMwCgYIKoZIzj0EAwIw
IjEgMB4GA1UEAwwXUmVjb3JkZWQgQ0EsIG5vIGNsb3VkJ3MwIBcNMjYxMTIxMDgx
MzM1WhgPMjEyNjEwMjgwODEzMzVaMCIxIDAeBgNVBAMMF1JlY29yZGVkIENBLCBu
byBjbG91ZCdzMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAELL9z0IXaMwgbBgPa
UZee6gM4ppLizEAA3ncOyFgSpOCFnU7rfQygaecGp8KFoUg+EPlJxLL6nOCRCZK+
oXJSPKNTMFEwHQYDVR0OBBYEFNUe+UtcJk01zbhbM2RHSZEdg+AiMB8GA1UdIwQY
MBaAFNUe+UtcJk01zbhbM2RHSZEdg+AiMA8GA1UdEwEB/wQFMAMBAf8wCgYIKoZI
zj0EAwIDSAAwRQIhALEV4WiuTx988v7xTtnB2aFuq6wyO4O8u7i0JqTWlMfQAiAo
wIWVEp3CjOq5uTXXuQRcPPyzVKsF+lB+9jFj2sDKQg==
-----END CERTIFICATE-----
`;

export const recordedAuthorityBase64 = Buffer.from(recordedAuthority).toString("base64");
