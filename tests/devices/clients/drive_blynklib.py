"""Runs blynklib 0.2.6, unmodified, for a test: prints what happens, does what it reads."""

import queue
import sys
import threading

import blynklib

host, port, token = sys.argv[1], int(sys.argv[2]), sys.argv[3]
orders: queue.SimpleQueue[list[str]] = queue.SimpleQueue()


def tell(*words: object) -> None:
    sys.stdout.write(" ".join(map(str, words)) + "\n")
    sys.stdout.flush()


def note(text: object) -> None:
    if "Invalid Auth Token" in str(text):
        tell("Invalid auth token")


def read_orders() -> None:
    for line in sys.stdin:
        orders.put(line.split())


client = blynklib.Blynk(token, server=host, port=port, heartbeat=2, log=note)


@client.handle_event("connect")  # type: ignore[untyped-decorator] # the library has no types
def connected() -> None:
    tell("connected")


@client.handle_event("disconnect")  # type: ignore[untyped-decorator] # the library has no types
def disconnected() -> None:
    tell("disconnected")


@client.handle_event("write V*")  # type: ignore[untyped-decorator] # the library has no types
def written(pin: int, values: list[str]) -> None:
    tell("wrote", pin, *values)


def obey(order: list[str]) -> None:
    match order:
        case ["write", pin, value]:
            client.virtual_write(pin, value)
        case ["sync", pin]:
            client.virtual_sync(pin)


threading.Thread(target=read_orders, daemon=True).start()
while True:
    client.run()
    if client.connected() and not orders.empty():
        obey(orders.get())
