/** Hosts of suppliers' test environments. Orders there deliver nothing. */
const SANDBOX_HOSTS = [
  "playground.runa.io",
  "preprod-dvs-api.dtone.com",
  "pre-openapi.fulu.com",
  "giftcards-sandbox.reloadly.com",
  "topups-sandbox.reloadly.com",
  "integration-api.tangocard.com",
  "sandbox.tillo.dev",
];

/**
 * Tells whether an address is a supplier's test environment: by its host, or by the words that such hosts have in their
 * names.
 */
export function isSandbox(baseUrl: string): boolean {
  const { hostname } = new URL(baseUrl);
  return (
    SANDBOX_HOSTS.includes(hostname) ||
    /(^|[.-])(sandbox|playground|preprod|staging|integration|test)([.-]|$)/.test(hostname)
  );
}
