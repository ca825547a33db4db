const main = document.getElementById('api');

/** Where this page came from: behind a proxy, under a prefix, by whatever name. What is tried out goes there as well. */
const root = new URL('..', document.currentScript.src).href.replace(/\/$/, '');

const show = async () => {
  const reply = await fetch(`${root}/openapi.json`);
  if (!reply.ok) throw new Error(`status ${reply.status}`);
  const spec = { ...(await reply.json()), servers: [{ url: root }] };
  window.SwaggerUIBundle({ spec, domNode: main, deepLinking: true, validatorUrl: null });
};

show().catch((error) => {
  main.textContent = `The OpenAPI document cannot be shown: ${error.message}.`;
});
