"""The official client, sync and async, and LangChain's ChatOpenAI against a real server with the demo company."""

import asyncio

import pytest
from langchain_openai import ChatOpenAI
from openai import AsyncOpenAI, OpenAI

from tests.conftest import Server

pytestmark = pytest.mark.real
QUESTION = "how long do I have to return a sofa?"


def test_openai_package_asks_follows_up_and_streams(server: Server) -> None:
    with OpenAI(api_key="any", base_url=f"{server.url}/v1") as client:
        asked = [{"role": "user", "content": QUESTION}]
        first = client.chat.completions.create(model="dime", messages=asked, user="anna")  # type: ignore[arg-type]
        said = first.choices[0].message.content or ""
        asked += [{"role": "assistant", "content": said}, {"role": "user", "content": "谢谢"}]
        with client.chat.completions.create(  # type: ignore[call-overload]
            model="dime", messages=asked, user="anna", stream=True, stream_options={"include_usage": True}
        ) as stream:
            chunks = list(stream)
    assert "30 days" in said
    assert first.choices[0].message.annotations[0].url_citation.url.startswith(f"{server.url}/help/")  # type: ignore[index]
    assert "不客气" in "".join(chunk.choices[0].delta.content or "" for chunk in chunks if chunk.choices)
    assert chunks[-2].model_extra["dime"]["conversation"] == first.model_extra["dime"]["conversation"]  # type: ignore[index]


def test_async_client_asks_several_at_once(server: Server) -> None:
    questions = (QUESTION, "沙发多久之内可以退货?", "hello", "do you sell submarines?")

    async def story() -> list[str]:
        async with AsyncOpenAI(api_key="any", base_url=f"{server.url}/v1") as client:

            async def ask(question: str) -> str:
                stream = await client.chat.completions.create(
                    model="dime", messages=[{"role": "user", "content": question}], stream=True
                )
                return "".join([chunk.choices[0].delta.content or "" async for chunk in stream])

            return list(await asyncio.gather(*map(ask, questions)))

    sofa, shafa, hello, submarines = asyncio.run(story())
    assert "30 days" in sofa
    assert "30天" in shafa
    assert hello.startswith("Hello!")
    assert "do not know" in submarines or "which of these" in submarines


def test_langchain_takes_dime_for_a_chat_model(server: Server) -> None:
    model = ChatOpenAI(model="dime", base_url=f"{server.url}/v1", api_key="any", stream_usage=True)  # type: ignore[arg-type]
    whole = model.invoke([("system", "You are a pirate."), ("human", QUESTION)])
    pieces = list(model.stream(QUESTION))
    assert "30 days" in str(whole.content)
    assert "".join(str(piece.content) for piece in pieces) == whole.content
    assert whole.usage_metadata is not None
    assert pieces[-1].usage_metadata is not None or any(piece.usage_metadata for piece in pieces)
    assert "30 days" in str(asyncio.run(model.ainvoke(QUESTION)).content)
