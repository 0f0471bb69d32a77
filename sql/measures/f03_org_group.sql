/*
title_zh = "主体关联组"
title_en = "Organisations joined by representative, phone or address"
description_en = """
Connected components of organisations over equal legal representatives, contact phones and addresses that two organisations or more share, \
public ones left out. Nodes are organisations (org:…) and the shared values (shared:…); the group is named by its smallest node, always an \
organisation."""
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
en = "organisation or shared value"

[[columns]]
name = "group_id"
type = "text"
unit = ""
zh = "组号"
en = "smallest node of the component"
*/
SELECT 'org:' || k.org_id AS left_node, k.key_node AS right_node
FROM f03_org_key AS k
WHERE k.shared > 1 AND NOT k.is_public
