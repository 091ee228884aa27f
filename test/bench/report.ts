import { mkdir, writeFile } from "node:fs/promises";
import { arch, cpus, platform, totalmem } from "node:os";
import { join } from "node:path";
import { localDir } from "../../infra/local/places.ts";

export type Figure = { value: number; unit: string };
export type Figures = Record<string, Figure>;

/** What we promise of a figure, where we do; it is printed beside it. */
const AT_MOST: Record<string, number> = {
  "claim.failed_per_sold": 0.05,
  "claim.ratio_to_sdk_high": 1.2,
  "claim.calls": 2,
  "claim.failed": 0,
  "import.peak_mb_per_million": 512,
  "growth.calls_ratio": 1.1,
  "order.prepaid.wcu": 10,
  "order.prepaid.known_buyer_wcu": 14,
  "order.prepaid.rcu": 1.5,
  "order.prepaid.usd_per_million": 10,
  "delivery.usd_per_million": 11,
  "delivery.cold_keys_usd_per_million": 11,
  "delivery.message_usd_per_million": 3,
  "order.storefront.wcu": 23,
  "order.storefront.usd_per_million": 24,
  "order.storefront.uncounted_usd_per_million": 20,
  "local.order_to_code_p50_ms": 350,
};

export function figure(value: number, unit: string, digits = 2): Figure {
  return { value: Number(value.toFixed(digits)), unit };
}

export function machine(): string {
  const cores = cpus();
  const memory = Math.round(totalmem() / 2 ** 30);
  return `${cores.length} cores (${cores[0]?.model ?? "unknown"}), ${memory} GB, ${platform()} ${arch()}, Node.js ${process.version}`;
}

export function table(figures: Figures): string {
  const rows = Object.entries(figures).map(([name, { value, unit }]) => [
    name,
    String(value),
    unit,
    verdict(name, value),
  ]);
  const widths = [0, 1].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows
    .map(([name = "", value = "", unit = "", limit = ""]) =>
      `${name.padEnd(widths[0] ?? 0)}  ${value.padStart(widths[1] ?? 0)} ${unit}${limit}`.trimEnd(),
    )
    .join("\n");
}

const AT_LEAST: Record<string, number> = { "hot_account.lanes.sales_per_second": 1_000 };

function verdict(name: string, value: number): string {
  const least = AT_LEAST[name];
  if (least !== undefined)
    return value >= least ? `  (promised: at least ${least})` : `  UNDER: promised at least ${least}`;
  const limit = AT_MOST[name];
  if (limit === undefined) return "";
  return value <= limit ? `  (promised: at most ${limit})` : `  OVER: promised at most ${limit}`;
}

export async function save(figures: Figures): Promise<string> {
  const file = join(localDir, "bench.json");
  await mkdir(localDir, { recursive: true });
  await writeFile(file, `${JSON.stringify(figures, null, 2)}\n`);
  return file;
}
