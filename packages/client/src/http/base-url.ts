/**
 * Where the resources are, without a slash at the end: `https://host` and `https://host/api/v1/` both become
 * `https://host/api/v1`. People copy either form from other clients' settings.
 * @throws TypeError if it is no http(s) URL
 */
export const apiRoot = (baseUrl: string): string => {
  const url = new URL(baseUrl);
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    throw new TypeError(`baseUrl must start with http:// or https://, it is ${baseUrl}`);
  }
  const path = url.pathname.replace(/\/+$/, '').replace(/(\/api)?(\/v\d+)?$/i, '');
  return `${url.origin}${path}/api/v1`;
};
