import { createHash, X509Certificate } from "node:crypto";

/** A number as it is sent: MD5 over the issuer's name, the last part first, and the serial number in decimal. */
const numberOf = ({ issuer, serialNumber }: X509Certificate): string =>
  createHash("md5")
    .update(`${issuer.split("\n").toReversed().join(",")}${BigInt(`0x${serialNumber}`)}`)
    .digest("hex");

/** Node can't read the keys of Chinese curves (SM2). */
function isRsa(certificate: X509Certificate): boolean {
  try {
    return certificate.publicKey.asymmetricKeyType === "rsa";
  } catch {
    return false;
  }
}

/**
 * Gives the number by which Alipay knows a certificate, or a file of root certificates: then those of its RSA certificates, joined by `_`.
 * A number itself is given back as it is. Undefined if it is neither
 * ([how](https://opendocs.alipay.com/common/056zub)).
 */
export function certificateNumber(text: string): string | undefined {
  if (/^[0-9a-f]{32}(_[0-9a-f]{32}){0,7}$/.test(text)) return text;
  try {
    const parts =
      text.replaceAll("\\n", "\n").match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
    const numbers = parts
      .map((part) => new X509Certificate(part))
      .filter(isRsa)
      .map(numberOf);
    return numbers.length === 0 ? undefined : numbers.join("_");
  } catch {
    return undefined;
  }
}
