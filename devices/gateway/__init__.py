"""The process that devices connect to: a thin asyncio shell around `devices.wire`."""
