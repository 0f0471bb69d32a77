/*
title_zh = "关联网络"
title_en = "Network of shared keys"
description_en = """
Connected components of persons, organisations and the keys that they share, public keys left out; named by the smallest node, an \
organisation (org:…) where there is one, else a person (person:…)."""
audience = "intermediate"
grain = ["node"]
sources = ["notice 三（三）"]
policy = []
native = "connected_components"

[[columns]]
name = "node"
type = "text"
unit = ""
zh = "节点"
en = "person, organisation or shared key"

[[columns]]
name = "group_id"
type = "text"
unit = ""
zh = "群组编号"
en = "smallest node of the component"
*/
SELECT k.node AS left_node, k.key_node AS right_node
FROM linked_key AS k
WHERE NOT k.is_public
