import { expect } from "vitest";
import { createImport, startImport } from "../../../shared/imports/requests.ts";
import { allSegments } from "../../../shared/imports/table.ts";
import { newId } from "../../../shared/kernel/ids.ts";
import { Layout } from "../../../shared/stock-files/layout.ts";
import { fakeBucket, fakeBus } from "../engine/fake-aws.ts";
import type { Everything } from "../engine/on-second-engine.ts";
import { valueOf } from "../value-of.ts";

/** Where large files are imported: `files` by the keys of their bucket, `told` as the bus was. */
export function importGround(domain: Everything["deps"]) {
  const { s3, files } = fakeBucket();
  const { events, told } = fakeBus();
  const around = { s3, uploadBucket: "uploads", events, eventBusName: "bus", importQueueUrl: "imports" };
  const deps = { ...domain, ...around };

  const put = (importId: string, content: string | Uint8Array): void => {
    files.set(`imports/${importId}`, typeof content === "string" ? new TextEncoder().encode(content) : content);
  };

  /** An operator makes an import, puts its file where it was told, and starts it. */
  async function begin(productId: string, content: string | Uint8Array, layout: object = {}, dryRun = false) {
    const asked = { layout: Layout.parse(layout), dryRun };
    const { made, uploadUrl } = valueOf(await createImport(deps, productId, asked, newId("req")));
    expect(uploadUrl).toContain("X-Amz-Signature=");
    expect(await startImport(deps, made.importId)).toMatchObject({ code: "file_missing" });
    put(made.importId, content);
    expect(await startImport(deps, made.importId)).toMatchObject({ value: { state: "running" } });
    return made.importId;
  }

  async function refusalsOf(importId: string) {
    const refused = [];
    for await (const segment of allSegments(deps, importId)) refused.push(...segment.refused);
    return refused;
  }

  return { deps, files, told, put, begin, refusalsOf };
}
