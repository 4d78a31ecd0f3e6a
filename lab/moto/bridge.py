"""Serves the APIs of AWS on 127.0.0.1 by moto, and makes calls of them by boto3 for who started it.

A request is one line of JSON on the standard input, its answer one line on the standard output:

    {"service": "ec2", "operation": "CreateVpc", "region": "eu-central-1", "input": {"cidrBlock": "10.0.0.0/16"}}
    {"output": {"Vpc": {...}}}                      the server's answer
    {"refused": ["CidrBlock: ..."]}                 what the service's model does not allow; the call was not made
    {"error": {"code": "...", "message": "..."}}    what the server refused
    {"unknown": "..."}                              moto does not know the operation

`key` and `secret` make the call somebody's. Three more requests: `enforced` says whether policies count from then on, `forget` empties
the account, `actions` asks which of some texts of policies no service has. `input` may be
written as Pulumi's providers write it: names are matched without regard to case, a map of tags, or of dimensions, becomes the service's list, a
list what CloudFront makes of one.

Ends when its standard input does.
"""

import json
import logging
import os
import sys
from datetime import datetime
from importlib import resources
from urllib.request import Request, urlopen

import boto3
import regex
from botocore.config import Config
from botocore.exceptions import ClientError, ParamValidationError
from botocore.parsers import ResponseParserError
from flask import got_request_exception
from moto import settings
from moto.core.authorization import ActionAuthenticatorMixin
from moto.iam.access_control import IAMRequestBase
from moto.server import ThreadedMotoServer

numbers = {"integer", "long", "float", "double"}


class Refusals:
    """Collects what a model does not allow, so that one answer has all of it."""

    def __init__(self):
        self.lines = []

    def add(self, path, text):
        self.lines.append(f"{path or 'input'}: {text}")


def shaped(value, shape, path, refusals):
    """The value as the service's model names it; what has no name there is refused."""
    kind = shape.type_name
    if kind == "structure":
        return structure(value, shape, path, refusals)
    if kind == "list":
        return listed(value, shape, path, refusals)
    if kind == "map":
        if not isinstance(value, dict):
            refusals.add(path, f"{value!r} is not a map")
            return value
        for name in value:
            scalar(name, shape.key, f"{path}.{name} (its name)", refusals)
        length(value, shape, path, "entries", refusals)
        return {name: shaped(one, shape.value, f"{path}.{name}", refusals) for name, one in value.items()}
    return scalar(value, shape, path, refusals)


def structure(value, shape, path, refusals):
    members = shape.members
    if {"Quantity", "Items"} <= set(members):
        value = counted(value)
    if not isinstance(value, dict):
        # Terraform writes a block that there is once as a list of one.
        if isinstance(value, list) and len(value) == 1:
            return structure(value[0], shape, path, refusals)
        refusals.add(path, f"{value!r} is not a structure")
        return value
    names = {name.lower(): name for name in members}
    given = {}
    for name, one in value.items():
        if one is None:
            continue
        known = names.get(name.lower())
        if known is None:
            refusals.add(f"{path}.{name}".lstrip("."), f"the service has no such argument; it has {', '.join(members)}")
            continue
        given[known] = shaped(one, members[known], f"{path}.{known}".lstrip("."), refusals)
    for name in shape.required_members:
        if name not in given:
            refusals.add(f"{path}.{name}".lstrip("."), "is missing, and the service requires it")
    return given


def counted(value):
    """What CloudFront makes of a list: it wants to be told how many there are."""
    if isinstance(value, list):
        value = {"items": value}
    if not isinstance(value, dict) or "quantity" in map(str.lower, value):
        return value
    items = next((one for name, one in value.items() if name.lower() == "items"), [])
    rest = {name: one for name, one in value.items() if name.lower() != "items"}
    return {**rest, "Quantity": len(items), "Items": items}


def listed(value, shape, path, refusals):
    member = shape.member
    if isinstance(value, dict) and member.type_name == "structure":
        pair = pair_names(member)
        if pair is None:
            value = [value]
        else:
            value = [{pair[0]: name, pair[1]: text} for name, text in value.items()]
    if not isinstance(value, list):
        refusals.add(path, f"{value!r} is not a list")
        return value
    length(value, shape, path, "items", refusals)
    return [shaped(one, member, f"{path}[{index}]", refusals) for index, one in enumerate(value)]


def pair_names(shape):
    for pair in (("Key", "Value"), ("TagKey", "TagValue"), ("key", "value"), ("Name", "Value")):
        if set(pair) <= set(shape.members):
            return pair
    return None


def scalar(value, shape, path, refusals):
    kind = shape.type_name
    if kind == "boolean" and value in ("true", "false"):
        return value == "true"
    if kind in numbers and isinstance(value, str) and regex.fullmatch(r"-?\d+(\.\d+)?", value):
        value = float(value) if "." in value else int(value)
    if kind in numbers and isinstance(value, (int, float)):
        low, high = shape.metadata.get("min"), shape.metadata.get("max")
        if (low is not None and value < low) or (high is not None and value > high):
            refusals.add(path, f"{value} is not from {low} to {high}")
        return int(value) if kind in ("integer", "long") and value == int(value) else value
    if kind == "string" and isinstance(value, (int, float)) and not isinstance(value, bool):
        value = str(value)
    if kind == "string" and isinstance(value, str):
        length(value, shape, path, "characters", refusals)
        if shape.enum and value not in shape.enum:
            refusals.add(path, f"{value!r} is none of {', '.join(shape.enum)}")
        pattern = shape.metadata.get("pattern")
        if pattern is not None and not matches(pattern, value):
            refusals.add(path, f"{value!r} does not match {pattern}")
    return value


def length(value, shape, path, unit, refusals):
    low, high = shape.metadata.get("min"), shape.metadata.get("max")
    if (low is not None and len(value) < low) or (high is not None and len(value) > high):
        refusals.add(path, f"{len(value)} {unit}, allowed are {low or 0} to {high if high is not None else 'any number'}")


def matches(pattern, value):
    try:
        return regex.fullmatch(pattern, value) is not None
    except regex.error:
        # A few are written for Java alone.
        return True


class Failures:
    """What the server's own code failed with, which it does not tell its clients."""

    def __init__(self):
        self.last = None
        got_request_exception.connect(self.hear)

    def hear(self, _sender, exception, **_rest):
        self.last = exception

    def take(self):
        last, self.last = self.last, None
        return last


class Bridge:
    def __init__(self):
        self.failures = Failures()
        self.server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
        self.server.start()
        host, port = self.server.get_host_and_port()
        self.endpoint = f"http://{host}:{port}"
        self.clients = {}
        self.services = json.loads(resources.files("cfnlint.data.AdditionalSpecs").joinpath("Policies.json").read_text())

    def is_action(self, text):
        """Whether a policy that names it names anything: the service authorisation reference has it, in any case."""
        service, _, action = text.lower().partition(":")
        known = self.services.get(service, {}).get("Actions", {})
        pattern = regex.escape(action).replace(r"\*", ".*").replace(r"\?", ".")
        return text == "*" or any(regex.fullmatch(pattern, one) for one in known)

    def client(self, service, region, key, secret):
        wanted = (service, region, key)
        if wanted not in self.clients:
            self.clients[wanted] = boto3.client(
                service,
                region_name=region,
                endpoint_url=self.endpoint,
                aws_access_key_id=key,
                aws_secret_access_key=secret,
                config=Config(
                    retries={"total_max_attempts": 1},
                    s3={"addressing_style": "path"},
                    # The server's host has no name under it.
                    inject_host_prefix=False,
                ),
            )
        return self.clients[wanted]

    def answer(self, request):
        if "enforced" in request:
            # Its arithmetic of signatures fails for GET with parts of the path as parameters; whose call it is, the key says.
            IAMRequestBase.check_signature = lambda _: None
            settings.INITIAL_NO_AUTH_ACTION_COUNT = 0 if request["enforced"] else float("inf")
            ActionAuthenticatorMixin.request_count = 0
            return {"output": {}}
        if request.get("forget"):
            urlopen(Request(f"{self.endpoint}/moto-api/reset", method="POST")).read()
            return {"output": {}}
        if "actions" in request:
            return {"output": {"unknown": [one for one in request["actions"] if not self.is_action(one)]}}
        client = self.client(
            request["service"], request["region"], request.get("key", "testing"), request.get("secret", "testing")
        )
        operation = request["operation"]
        model = client.meta.service_model.operation_model(operation)
        refusals = Refusals()
        given = request.get("input", {})
        if model.input_shape is not None:
            given = structure(given, model.input_shape, "", refusals)
        if refusals.lines:
            return {"refused": refusals.lines}
        method = next(name for name, known in client.meta.method_to_api_mapping.items() if known == operation)
        try:
            output = getattr(client, method)(**given)
        except ParamValidationError as error:
            return {"refused": [str(error)]}
        except (ClientError, ResponseParserError) as error:
            failure = self.failures.take()
            if isinstance(failure, NotImplementedError):
                return {"unknown": str(failure)}
            if failure is not None or isinstance(error, ResponseParserError):
                return {"error": {"code": "ServerFailed", "message": repr(failure or error), "status": 500}}
            code = error.response["Error"]["Code"]
            status = error.response["ResponseMetadata"]["HTTPStatusCode"]
            message = error.response["Error"]["Message"]
            if code in ("404", "405", "501", "NotImplemented"):
                return {"unknown": message.splitlines()[0] if message else code}
            return {"error": {"code": code, "message": message, "status": status}}
        output.pop("ResponseMetadata", None)
        return {"output": output}


def readable(value):
    if isinstance(value, datetime):
        return value.isoformat()
    if hasattr(value, "read"):
        return value.read().decode()
    return repr(value)


def main():
    # The answers alone go to the standard output.
    answers = os.fdopen(os.dup(1), "w", buffering=1)
    os.dup2(2, 1)
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    bridge = Bridge()
    print(json.dumps({"endpoint": bridge.endpoint}), file=answers)
    for line in sys.stdin:
        print(json.dumps(bridge.answer(json.loads(line)), default=readable), file=answers)
    bridge.server.stop()


main()
