// Where clouds answer any program on a machine, without asking who it is: with the machine's or the pod's credentials.
import { addressBlock, shared } from "./address-block.ts";

const services: ReadonlyArray<readonly [address: string, whose: string]> = [
    ["169.254.169.254", "metadata of AWS, Google Cloud, DigitalOcean, Azure and others"],
    ["169.254.169.252", "metadata of GKE"],
    ["169.254.169.253", "the resolver of AWS"],
    ["169.254.170.2", "credentials of ECS tasks"],
    ["169.254.170.23", "credentials of EKS pods"],
    ["169.254.42.42", "metadata of Scaleway"],
    ["168.63.129.16", "Azure's channel to its machines"],
    ["100.100.100.200", "metadata of Alibaba Cloud"],
    ["192.0.0.192", "metadata of Oracle Cloud"],
    ["fd00:ec2::254", "metadata of AWS"],
    ["fd00:ec2::23", "credentials of EKS pods"],
    ["fd20:ce::254", "metadata of Google Cloud"],
];

const blocks = services.map(([address, whose]) => ({ address, whose, block: addressBlock(address)! }));

/** What of these a range holds. @returns undefined when none */
export function metadataIn(range: string): { readonly address: string; readonly whose: string } | undefined {
    const given = addressBlock(range);
    return given && blocks.find(({ block }) => shared(given, block) > 0n);
}
