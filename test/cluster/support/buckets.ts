// What a test does with the lab's buckets as their owner.
import { AwsClient } from "aws4fetch";
import type { ObjectStorage } from "../../../lab/cluster/index.ts";

export function ownerOf({ accessKey: accessKeyId, secretKey: secretAccessKey, region }: ObjectStorage): AwsClient {
    return new AwsClient({ accessKeyId, secretAccessKey, region, service: "s3" });
}

/** With all that is in it. */
export async function removeBucket(storage: ObjectStorage, name: string): Promise<void> {
    const owner = ownerOf(storage);
    const list = await (await owner.fetch(`${storage.endpoint}/${name}?list-type=2`)).text();
    for (const [, key] of list.matchAll(/<Key>([^<]+)<\/Key>/g)) {
        await owner.fetch(`${storage.endpoint}/${name}/${key}`, { method: "DELETE" });
    }
    await owner.fetch(`${storage.endpoint}/${name}`, { method: "DELETE" });
}
