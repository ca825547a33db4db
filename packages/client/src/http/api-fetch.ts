/**
 * How requests reach the API: `fetch`, or what does the same.
 * @param init.own over a connection that nothing was sent on before, where there is a choice: one that was kept may be
 * gone, and whether the request has arrived is then not known: KeptConnectionLost, where that can be told
 */
export type ApiFetch = (url: string, init: RequestInit & { own?: boolean }) => Promise<Response>;
